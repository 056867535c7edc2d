// 朗读 with the system's own voice; nothing is sent anywhere.
import { announce } from "../core/dom.js";

const now = { button: null };

function chineseVoice() {
  if (!window.speechSynthesis) return null;
  const voices = window.speechSynthesis.getVoices();
  const chinese = voices.filter((v) => /^(zh|cmn)/i.test(v.lang));
  // a voice of the machine first: another one would send the text away
  return chinese.filter((v) => v.localService)[0] || null;
}

/** Whether this machine can read Chinese aloud by itself. */
export const canRead = () => chineseVoice() !== null;

function paint(button, on) {
  button.setAttribute("aria-pressed", String(on));
  button.textContent = on ? "停止" : "朗读";
}

/** Stop reading. */
export function stopReading() {
  if (!now.button) return;
  const button = now.button;
  now.button = null;
  window.speechSynthesis.cancel();
  paint(button, false);
}

/** Read the lines aloud; a second press of the same button stops. */
export function readAloud(button, lines) {
  const again = now.button === button;
  stopReading();
  if (again) return;
  const voice = chineseVoice();
  if (!voice) return;
  now.button = button;
  paint(button, true);
  announce("开始朗读，再按一次停止");
  // a line at a time: some engines fall silent in a long text
  lines.forEach((line, i) => {
    const speech = new SpeechSynthesisUtterance(line);
    speech.lang = "zh-CN";
    speech.voice = voice;
    if (i === lines.length - 1) {
      speech.onend = () => {
        if (now.button === button) stopReading();
      };
    }
    speech.onerror = () => {
      if (now.button === button) stopReading();
    };
    window.speechSynthesis.speak(speech);
  });
}

/** Reading ends with the page; voices are asked for early because they come late. */
export function wireAloud() {
  if (!window.speechSynthesis) return;
  window.speechSynthesis.getVoices();
  window.addEventListener("pagehide", stopReading);
}
