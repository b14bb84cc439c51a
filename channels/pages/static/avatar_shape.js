// Numbers and path data.

export const mix = (from, to, share) => from + (to - from) * share;
export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

const number = (value) => String(Math.round(value * 100) / 100);

// Path data from a template whose values are points `[x, y]` or numbers, rounded to hundredths.
export function path(texts, ...values) {
  return texts.reduce((d, text, index) => {
    const value = values[index - 1];
    return d + (Array.isArray(value) ? `${number(value[0])} ${number(value[1])}` : number(value)) + text;
  });
}
