// One hit on the search page: what it is, what holds of it, why it is there, what can be done.
import { isoDay, stateWords } from "../core/dates.js";
import { copy } from "../core/copy.js";
import { el, fill, toast } from "../core/dom.js";
import { OURS } from "../core/ours.js";
import { documents, ON_DISK, pageUrl, parseRef, part, publishedUrl } from "../core/site.js";
import { keepButton } from "../keep/basket.js";
import { unitLabel } from "../query/labels.js";
import { addressOf, badge, documentName, isCut, joined, snippet, storedId } from "./words.js";
import { termsOf, titleOf, wholeText, whyOf } from "./words.js";

const GONE = {
  尚未施行: "还没有施行，现在不能作依据",
  被代替: "已被代替，不能作依据",
  已废止: "已经废止，不能作依据",
  已修改: "已有修改后的文本，这里是修改前的",
  待核: "效力待核，用前请核对",
};
const ERRATA = { confirmed: "已对照原件", suspected: "没有对照原件" };

/** Citation, status of today, region, text and lasting address of a hit; a disk's leads nobody else there. */
export function citationOf(hit) {
  const status = "（" + stateWords(isoDay(), hit.doc.status, hit.doc.region) + "）";
  const { doc, version, clause } = parseRef(storedId(hit));
  const text = hit.text ? hit.text.split("\n") : [];
  // a version without text has no page of its own
  const page = "docs/" + doc + "/" + (hit.text ? version + "/" : "") + "#" + clause;
  return [hit.citation + status]
    .concat(text, (ON_DISK ? publishedUrl(page) : pageUrl(page)) || [])
    .join("\n");
}

function copyButton(hit) {
  return el(
    "button",
    {
      type: "button", class: "kb-button",
      onclick: () =>
        copy(citationOf(hit)).then(
          () => toast("已复制：" + hit.citation),
          () => toast("复制不了，请打开条款后选中文字复制")
        ),
    },
    ["复制引用"]
  );
}

function textOf(hit) {
  const box = el("div", { class: "kb-hit-text" }, snippet(hit));
  if (!isCut(hit)) return [box, null];
  const button = el("button", { type: "button", class: "kb-button", "aria-expanded": "false" }, ["显示原文"]);
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") === "false";
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? "收起" : "显示原文";
    box.textContent = "";
    box.append(...(open ? wholeText(hit) : snippet(hit)));
  });
  return [box, button];
}

/** What the other side of a conflict is called, and the page that it is on: [name, path]. */
async function sideOf(id) {
  const { doc, version, clause } = parseRef(id);
  const all = (await documents()).documents.filter((d) => d.id === doc);
  if (all.length) {
    const here = all.some((d) => d.version === version); // another version may say something else
    const page = "docs/" + doc + "/" + (here ? version + "/#" + clause : "");
    return [joined(documentName(all[0]), unitLabel(clause, all[0].kind)), page];
  }
  const about = await part("docs/" + doc + "/clauses"); // a document without text
  return [about.cite + unitLabel(clause, about.kind), "docs/" + doc + "/#" + clause];
}

function conflictOf(hit, conflict) {
  const mine = storedId(hit);
  const joint = hit.doc.kind === "notice" ? "-" : "."; // art-134-1 is no part of art-134
  const isMine = (id) => id === mine || id.startsWith(mine + ".") || id.startsWith(mine + joint);
  const ids = Object.keys(conflict.says);
  const own = ids.filter(isMine).map((id) => conflict.says[id]);
  const others = ids.filter((id) => !isMine(id));
  const sides = el("ul", {});
  others.forEach((id) => {
    const side = el("li", {}, [id + "：" + conflict.says[id]]);
    sides.append(side);
    sideOf(id).then(
      ([name, page]) => fill(side, [el("a", { href: pageUrl(page) }, [name]), "：" + conflict.says[id]]),
      () => null // the id says which
    );
  });
  return el("details", { class: "kb-hit-conflict" }, [
    el("summary", {}, ["另有不同规定：" + conflict.subject]),
    el("p", {}, [
      el("i", { class: "kb-ours" }, [OURS]),
      own.length ? "这一条：" + own.join("；") : "",
    ]),
    sides,
    el("p", {}, ["差别：" + conflict.differs]),
    el("p", {}, [conflict.rule + "：" + conflict.why]),
  ]);
}

function errataOf(hit) {
  return (hit.errata || []).map((e) =>
    el("p", { class: "kb-hit-note" }, [
      "原文疑有误：“" + e.old + "”应为“" + e.new + "”（" + (ERRATA[e.status] || e.status) + "）",
    ])
  );
}

/** A hit as an item of the list. */
export function hitItem(hit) {
  const { doc } = hit;
  const gone = GONE[doc.status];
  const why = whyOf(hit);
  const terms = termsOf(hit);
  const [text, more] = hit.text ? textOf(hit) : [null, null];
  const title = el("a", { href: addressOf(hit) }, [titleOf(hit)]);
  return el("li", { class: "kb-hit", "data-s": doc.status }, [
    el("h2", { class: "kb-hit-title" }, [
      title, " ", badge(doc.status), doc.region ? el("span", { class: "kb-tag" }, [doc.region]) : null,
    ]),
    hit.path.length ? el("p", { class: "kb-hit-path" }, [hit.path.join(" › ")]) : null,
    gone ? el("p", { class: "kb-hit-gone" }, [gone]) : null,
    hit.gist
      ? el("p", { class: "kb-hit-gist" }, [el("i", { class: "kb-ours" }, [OURS]), hit.gist])
      : null,
    text || el("p", { class: "kb-hit-note" }, ["本站没有收录这一条的原文"]),
    ...errataOf(hit),
    ...(hit.conflicts || []).map((c) => conflictOf(hit, c)),
    why.text || terms.length
      ? el("p", { class: "kb-hit-why" }, [[why.text].concat(terms).filter(Boolean).join("；")])
      : null,
    el("div", { class: "kb-hit-do" }, [copyButton(hit), keepButton(storedId(hit)), more]),
  ]);
}
