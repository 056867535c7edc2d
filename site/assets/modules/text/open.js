// Folding, tokenizer and encoder out of their two data files; see kb/sitegen/search_text.py.
import { numbersOf } from "./bytes.js";
import { makeEncoder } from "./encoder.js";
import { makeFold } from "./fold.js";
import { makeTokenizer } from "./tokenizer.js";

/**
 * {folding, tokenizer, encoder} from the values of assets/kb/s/tokenizer and assets/kb/s/encoder.
 * The page hands the values over as they are; all decoding is done here, in the worker.
 */
export function openText(tokenizerPart, encoderPart) {
  const folding = makeFold(tokenizerPart.fold);
  const tokenizer = makeTokenizer(tokenizerPart, folding);
  const { dimension } = encoderPart;
  const embeddings = numbersOf(Int8Array, encoderPart.embeddings);
  const weights = numbersOf(Float32Array, encoderPart.weights);
  if (weights.length !== tokenizer.size || embeddings.length !== tokenizer.size * dimension) {
    throw new Error("搜索数据不配套");
  }
  return { folding, tokenizer, encoder: makeEncoder(tokenizer, embeddings, weights, dimension) };
}
