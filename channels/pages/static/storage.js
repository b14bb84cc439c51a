// Browser storage that may be refused (private windows, policies): then values live as long as the page.

function kept(name) {
  const memory = new Map();
  const storage = () => {
    try {
      return window[name];
    } catch {
      return null;
    }
  };
  return {
    get(key) {
      try {
        return storage()?.getItem(key) ?? memory.get(key) ?? null;
      } catch {
        return memory.get(key) ?? null;
      }
    },
    set(key, value) {
      memory.set(key, value);
      try {
        storage()?.setItem(key, value);
      } catch {
        // full or refused: the memory has it
      }
    },
    remove(key) {
      memory.delete(key);
      try {
        storage()?.removeItem(key);
      } catch {
        // refused: there was nothing
      }
    },
  };
}

export const forever = kept("localStorage");
export const forThisTab = kept("sessionStorage");

export function readJson(storage, key, otherwise) {
  try {
    return JSON.parse(storage.get(key) ?? "null") ?? otherwise;
  } catch {
    return otherwise;
  }
}
