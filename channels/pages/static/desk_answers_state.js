// The sampled answers that are listed, which one is looked at, and what was typed but not saved.

export const state = {
  rows: [],
  at: 0,
  waiting: 0,
  items: null, // name as it is offered -> id
  typed: new Map(), // id of a row -> { rightItem, shouldSay, note }
};

export const current = () => state.rows[state.at] ?? null;
export const path = (id, rest = "") => `/answers/${encodeURIComponent(id)}${rest}`;

export function begin({ answers, waiting }) {
  Object.assign(state, { rows: answers, waiting, at: 0 });
}

export function move(by) {
  state.at = Math.min(Math.max(state.at + by, 0), Math.max(state.rows.length - 1, 0));
}

export function take(fresh) {
  const at = state.rows.findIndex((one) => one.id === fresh.id);
  if (at < 0) return;
  if (state.rows[at].waiting && !fresh.waiting) state.waiting -= 1;
  state.rows[at] = fresh;
}

export function drop(id) {
  state.rows = state.rows.filter((one) => one.id !== id);
  state.typed.delete(id);
  move(0);
}

// What stands in the fields: typed here, else as it was saved.
export function fieldsOf(row) {
  const { right_item: item, should_say: shouldSay = "", note = "" } = row.mine ?? {};
  return state.typed.get(row.id) ?? { rightItem: item ? offered(item) : "", shouldSay, note };
}

export function type(row, changed) {
  state.typed.set(row.id, { ...fieldsOf(row), ...changed });
}

// Items by the name under which they are offered; of several with one name, each with its id.
export async function loadItems() {
  if (state.items) return;
  const answer = await fetch("/v1/items", { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`items: ${answer.status}`);
  const items = await answer.json();
  const shared = new Map();
  for (const { name } of items) shared.set(name, (shared.get(name) ?? 0) + 1);
  state.items = new Map(items.map(({ id, name }) => [shared.get(name) === 1 ? name : `${name}（${id}）`, id]));
}

function offered({ id, name }) {
  for (const [known, one] of state.items ?? []) if (one === id) return known;
  return name;
}

// null where nothing was typed, undefined for what is no item.
export function itemId(typed) {
  const name = typed.trim();
  if (!name) return null;
  if (state.items?.has(name)) return state.items.get(name);
  return [...(state.items?.values() ?? [])].includes(name) ? name : undefined;
}
