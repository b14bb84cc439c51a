// What the page of sampled answers says. Labels, ends and terminals travel in the page, from answer_words.yaml.

import { codes } from "./desk_words.js";

export const { statuses, terminals } = codes.answers;

// In the order of their keys; JSON in the page is sorted by name.
export const NAMES = ["right", "partly", "wrong", "should_have_refused"];
export const labels = Object.fromEntries(NAMES.map((name) => [name, codes.answers.labels[name]]));

export const w = {
  title: "答复抽查",
  tabs: { waiting: "未标注", judged: "已标注", figures: "统计" },
  left: (count) => `还有 ${count} 条等您标注`,
  noneWaiting: "没有等您标注的答复。",
  noneJudged: "还没有标注过的答复。",
  more: "再取一批",
  refresh: "刷新",
  question: "问",
  before: "上一句",
  meant: "系统理解为",
  answer: "答",
  options: "给出的选项",
  nextStep: "下一步",
  sources: "依据",
  noSources: "没有引用依据",
  noItem: "没有对应事项",
  twice: "双人标注",
  twiceHint: "这一条由两人各自标注，互不显示，用来检验标准是否一致。",
  question4: "这个回答对吗？",
  notAnsweredHint: "没有作答的，看不作答对不对，用不上“本不该答”。",
  rightItem: "应当是哪个事项",
  rightItemHint: "可空；从列表里选",
  unknownItem: "手册里没有这个事项，请从列表里选一个。",
  shouldSay: "应当怎样回答",
  shouldSayHint: "可空；写给改手册、补题目的人看",
  note: "备注",
  noteHint: "可空；请不要写个人信息",
  keep: "保存补充",
  remove: "含个人信息，删除",
  removeSure: "这条问答会从抽查里彻底删除，连同已有的标注，不能恢复；只留下计数。",
  removed: "已删除",
  keys: [["1–4", "标注"], ["j / k", "下一条、上一条"], ["n", "写备注"], ["Esc", "离开输入框"]],
  judged: (label) => `已标为“${label}”`,
  unsaved: "补充内容还没有保存",
  by: (who, label) => `${who}：${label}`,
  others: "其他人的标注",
  notYours: "这一条不用您再标注。",

  figuresHint: "按抽样机会加权估计全部回答；方括号里是 95% 区间（威尔逊），标注得越多越窄。",
  weeks: (count) => `最近 ${count} 周`,
  span: "时间",
  none: "这段时间还没有标注过的答复。",
  columns: ["抽到", "已标注", "先已删除", "覆盖", "代表的回答"],
  columnHints: [
    "", "", "对话按规定删除时还没有人标注，只留下计数", "已标注的能说明多大一部分回答；没有标注过的渠道不算在内", "按权数推算的回答数",
  ],
  overall: "全部",
  groups: { by_week: "按周", by_terminal: "按渠道", by_event: "按人生事件", by_item: "按事项" },
  week: (day) => `${day} 起的一周`,
  agreement: "两人一致性",
  noAgreement: "还没有两人都标注过的答复。",
  agreed: (pairs, same, kappa) => `${pairs} 条由两人标注，${same} 标得一样，κ = ${kappa}`,
};
