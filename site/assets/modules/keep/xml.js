// Text as XML: what XML 1.0 cannot hold is left out, what means something is escaped.

const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const SURROGATES = /[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g;
const NAMED = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

/** A text for element content or a quoted attribute. */
export function xml(text) {
  return String(text)
    .replace(NOT_XML, "")
    .replace(SURROGATES, (m) => (m.length === 2 ? m : "\ufffd"))
    .replace(/[&<>"']/g, (c) => NAMED[c]);
}

/** First line of every part. */
export const XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** The parts that both kinds of office file begin with. */
export function officeParts(types, main, title) {
  const overrides = types.map(([part, type]) => `<Override PartName="${part}" ContentType="${type}"/>`).join("");
  const stamp = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const relation = "http://schemas.openxmlformats.org";
  return [
    {
      name: "[Content_Types].xml",
      data:
        XML_HEAD +
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
        '<Default Extension="xml" ContentType="application/xml"/>' +
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>' +
        overrides +
        "</Types>",
    },
    {
      name: "_rels/.rels",
      data: relations([
        [relation + "/officeDocument/2006/relationships/officeDocument", main],
        [relation + "/package/2006/relationships/metadata/core-properties", "docProps/core.xml"],
      ]),
    },
    {
      name: "docProps/core.xml",
      data:
        XML_HEAD +
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"' +
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"' +
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
        `<dc:title>${xml(title)}</dc:title><dc:creator>安规库</dc:creator>` +
        `<dcterms:created xsi:type="dcterms:W3CDTF">${stamp}</dcterms:created>` +
        `<dcterms:modified xsi:type="dcterms:W3CDTF">${stamp}</dcterms:modified></cp:coreProperties>`,
    },
  ];
}

/** A part of relationships: [[type, target], …], with ids rId1, rId2, …. */
export function relations(list) {
  const items = list.map(([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${type}" Target="${target}"/>`);
  return (
    XML_HEAD +
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' +
    items.join("") +
    "</Relationships>"
  );
}
