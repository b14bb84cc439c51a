// The answer's lines as paragraphs, lists and headings; phone numbers and addresses as links.

import { el, safeUrl } from "./dom.js";

const PHONE = "(?<![\\d.-])(?:0\\d{2,3}-\\d{7,8}|400-?\\d{3}-?\\d{4}|123\\d{2}|110|119|120)(?![\\d元年月日个天份条万号小])";
const LINK = new RegExp(`(?<url>https?://[\\w./?=&%#~:@+,;-]*[\\w/])|(?<phone>${PHONE})`, "g");
const LABEL = /^([^：，。（]{2,6}：)(.+)$/s;

export function answerText(text, { links = true, omit = [] } = {}) {
  const parts = [];
  let list = null;
  const close = () => (list = null);
  const into = (tag) => {
    if (list?.localName !== tag) {
      list = el(tag);
      parts.push(list);
    }
    return list;
  };
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    const title = line.match(/^【(.+?)】(.*)$/);
    const numbered = line.match(/^(\d{1,2})\.\s+(.+)$/);
    if (!line) {
      close();
    } else if (title) {
      close();
      parts.push(el("h3", {}, title[1]));
      if (title[2].trim()) parts.push(el("p", {}, inline(title[2].trim(), links)));
    } else if (line.startsWith("• ")) {
      into("ul").append(el("li", {}, labelled(line.slice(2), links)));
    } else if (numbered && omit.includes(numbered[2])) {
      close();
    } else if (numbered) {
      into("ol").append(el("li", { value: numbered[1] }, labelled(numbered[2], links)));
    } else {
      close();
      parts.push(/[：:]$/.test(line) ? el("h4", {}, line) : el("p", {}, labelled(line, links)));
    }
  }
  return parts;
}

function labelled(line, links) {
  const found = line.match(LABEL);
  return found ? [el("strong", {}, found[1]), ...inline(found[2], links)] : inline(line, links);
}

function inline(text, links) {
  if (!links) return [text];
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    parts.push(text.slice(from, found.index), link(found));
    from = found.index + found[0].length;
  }
  return [...parts, text.slice(from)].filter(Boolean);
}

function link(found) {
  const { url, phone } = found.groups;
  if (phone) return el("a", { href: `tel:${phone}` }, phone);
  return safeUrl(url) ? el("a", { href: safeUrl(url), target: "_blank", rel: "noopener noreferrer" }, url) : url;
}
