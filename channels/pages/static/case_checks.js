// Checks what is typed while it is typed. Each returns a sentence, or null where nothing is wrong.

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

// As it is printed on the card: no spaces, a large X, half-width digits.
export function tidyNumber(text) {
  return text.normalize("NFKC").replace(/[\s-]/g, "").toUpperCase();
}

export function checkName(text, t) {
  if (!text.trim()) return t.bad.name;
  return /\d/.test(text.normalize("NFKC")) ? t.bad.nameShape : null;
}

// GB 11643: a date of birth, and a last character that is computed from the others (ISO 7064 MOD 11-2).
export function checkIdNumber(text, t) {
  const number = tidyNumber(text);
  if (!number) return t.bad.number;
  if (number.length !== 18) return t.bad.numberLength(number.length);
  if (!/^\d{17}[\dX]$/.test(number)) return t.bad.numberShape;
  if (!isDay(number.slice(6, 14))) return t.bad.numberBirth;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
  return "10X98765432"[sum % 11] === number[17] ? null : t.bad.numberCheck;
}

export function checkPhone(text, t) {
  const phone = tidyNumber(text);
  if (!phone) return t.bad.phone;
  return /^(\+?86)?1[3-9]\d{9}$/.test(phone) || /^0\d{9,11}$/.test(phone) ? null : t.bad.phoneShape;
}

function isDay(digits) {
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)].map(Number);
  const found = new Date(year, month - 1, day);
  return found.getFullYear() === year && found.getMonth() === month - 1 && found.getDate() === day && year >= 1880 && found <= new Date();
}
