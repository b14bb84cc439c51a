// Personal numbers in what a visitor said are not shown in a hall where others look on.

const SPOKEN = "〇零一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖";
const DIGIT = `[\\d０-９${SPOKEN}]`;
const NUMBER = new RegExp(`(?:${DIGIT}[\\s\\-－—–.·]?){6,}${DIGIT}[xXＸ]?`, "g");
const LATIN = /\b[A-Z]{1,2}\d{7,9}\b/gi;
const EMAIL = /[\w.+-]+@[\w-]+\.[\w.-]+/g;
// public numbers that a question may name
const PUBLIC = /^(?:12\d{3}|9\d{4}|1?1[029]0?|400\d{7})$/;

export function masked(text, hidden) {
  const hide = (found) => (PUBLIC.test(found.replace(/\D/g, "")) ? found : hidden);
  return text.replace(EMAIL, hidden).replace(LATIN, hidden).replace(NUMBER, hide);
}
