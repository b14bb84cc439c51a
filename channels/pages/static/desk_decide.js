// 采纳, 驳回, 修改: one finding at a time. What is typed stays until it is saved or thrown away.

import { field, form, say, select, sentence } from "./desk_dialog.js";
import { changed, desk, draftOf, keepDraft, mayWrite, save } from "./desk_state.js";
import { codes, t } from "./desk_words.js";
import { el } from "./dom.js";

const LEAST_LETTERS = 10;
const place = (finding) => `decision/${desk.case.round}/${finding.key}`;
const time = (at) => new Date(at).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

export async function startDecision(finding, kind) {
  if (kind === "accept" && !finding.repeat) {
    keepDraft(place(finding), null);
    await send({ finding: finding.key, kind });
    return;
  }
  keepDraft(place(finding), { kind, text: kind === "amend" ? finding.decision?.text || finding.citizen_text : finding.decision?.text ?? "" });
  changed("draft");
  const node = document.querySelector(".decision-form");
  node?.scrollIntoView({ block: "nearest" });
  node?.querySelector("select, textarea, input")?.focus({ preventScroll: true });
}

async function send(body) {
  try {
    return await save("/decisions", body);
  } catch (failure) {
    say(sentence(failure));
    return false;
  }
}

export function decisionForms(finding, open) {
  if (finding.status === "hint") return el("p", { class: "fine" }, t.hintOnly);
  const typed = draftOf(place(finding));
  const said = finding.decision && el("p", { class: "said" }, spoken(finding.decision));
  if (!mayWrite()) return said;
  if (typed) return el("div", {}, said, decisionForm(finding, typed));
  const closed = finding.must_open && !finding.opened;
  const button = (kind, key) => el("button", {
    type: "button", "data-decide": kind, "aria-keyshortcuts": key, disabled: closed, "aria-pressed": String(finding.decision?.kind === kind),
    class: finding.decision?.kind === kind ? "primary" : null, onclick: () => startDecision(finding, kind),
  }, codes.decisions[kind], el("kbd", {}, key));
  return el("div", {}, said,
    el("div", { class: "decide" },
      finding.must_open && el("button", { type: "button", class: closed ? "primary" : null, "aria-keyshortcuts": "o", onclick: () => open(finding) },
        closed ? t.open : t.opened, el("kbd", {}, "o")),
      button("accept", "1"), button("dismiss", "2"), button("amend", "3")));
}

function spoken({ kind, reason, text, by_name: name, at, repeat_reason: repeat }) {
  const why = [reason && codes.dismiss[reason], kind !== "amend" && text, repeat && codes.repeat[repeat]].filter(Boolean).join("；");
  return t.decidedBy(codes.decisions[kind] + (why ? `（${why}）` : ""), name ?? "", at ? time(at) : "");
}

function decisionForm(finding, typed) {
  const parts = [];
  const keep = (name) => (event) => keepDraft(place(finding), { [name]: event.target.value });
  const filled = (control, name) => {
    control.value = typed[name] ?? "";
    control.addEventListener("input", keep(name));
    return control;
  };
  if (typed.kind === "dismiss") {
    const text = filled(el("textarea", { rows: 2, maxlength: 1000 }), "text");
    const reason = filled(select([["", t.choose], ...Object.entries(codes.dismiss)], { required: true }), "reason");
    const hint = el("span", { class: "fine" }, t.dismissWants[typed.reason] ?? "");
    reason.addEventListener("input", () => (hint.textContent = t.dismissWants[reason.value] ?? ""));
    parts.push(field(t.dismissReason, reason), el("label", {}, el("span", {}, t.dismissText), hint, text));
  }
  if (typed.kind === "amend") parts.push(field(t.amendText, filled(el("textarea", { rows: 4, maxlength: 1000, required: true }), "text")));
  if (finding.repeat && typed.kind !== "dismiss") {
    const reasons = select([["", t.repeatNone], ...Object.entries(codes.repeat)]);
    parts.push(field(t.repeatReason, filled(reasons, "repeat_reason"), t.repeatHint));
  }
  const cancel = () => {
    keepDraft(place(finding), null);
    changed("draft");
  };
  const submit = async (tell) => {
    const now = draftOf(place(finding));
    const text = (now.text ?? "").trim();
    if (now.kind === "dismiss" && now.reason === "special_case" && !text) return tell(codes.refusals.basis_missing);
    if (now.kind === "dismiss" && now.reason === "other" && text.length < LEAST_LETTERS) return tell(codes.refusals.reason_too_short);
    const body = { finding: finding.key, kind: now.kind, text: now.kind === "accept" ? "" : text };
    if (now.kind === "dismiss") body.reason = now.reason;
    if (now.repeat_reason && now.kind !== "dismiss") body.repeat_reason = now.repeat_reason;
    // Thrown away only once it is saved: a refusal leaves the form as it was.
    if (!(await save("/decisions", body, null))) return undefined;
    keepDraft(place(finding), null);
    changed("draft");
    document.querySelector(".finding.chosen .finding-head")?.focus();
    return say(t.done);
  };
  const node = form(parts, { submit, label: codes.decisions[typed.kind], danger: typed.kind === "dismiss", cancel });
  node.classList.add("decision-form");
  node.addEventListener("keydown", (event) => event.key === "Escape" && (event.stopPropagation(), cancel()));
  return node;
}
