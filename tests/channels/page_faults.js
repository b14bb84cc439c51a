// What is cut off, too small to touch, or too pale to read on the page as it is shown; a list of descriptions.
() => {
  const shown = (node) => node.getClientRects().length && !node.closest("noscript, .visually-hidden, .skip, .avatar");
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const about = (fault, node) => `${fault}: ${node.outerHTML.slice(0, 80)}`;
  const faults = [];

  for (const node of all("body *")) {
    const { left, right } = node.getBoundingClientRect();
    if (right > innerWidth + 0.5 || left < -0.5) faults.push(about("cut off", node));
  }

  for (const node of all("button, .button, textarea, .tick, .choice-row label")) {
    const { width, height } = node.getBoundingClientRect();
    if (width < 44 || height < 44) faults.push(about(`${width}x${height}`, node));
  }

  // WCAG contrast; 7:1 is level AAA.
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = ([red, green, blue]) =>
    0.2126 * linear(red / 255) + 0.7152 * linear(green / 255) + 0.0722 * linear(blue / 255);
  const behind = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const color = channels(getComputedStyle(one).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !shown(node)) continue;
    const pair = [channels(getComputedStyle(node).color), behind(node)].map(luminance).sort((a, b) => b - a);
    const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (contrast < 7) faults.push(about(`contrast ${contrast.toFixed(2)}`, node));
  }
  return faults;
};
