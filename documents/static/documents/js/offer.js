// Shows an element right below a stretch of words, or above it where there is no room.
const APART = 10;

export function offer(element, range) {
  const lines = [...range.getClientRects()].filter((line) => line.width > 0);
  const last = lines.at(-1) ?? range.getBoundingClientRect();
  const first = lines[0] ?? last;
  element.hidden = false;
  const { width, height } = element.getBoundingClientRect();
  const origin = element.offsetParent?.getBoundingClientRect() ?? { left: -scrollX, top: -scrollY };
  const left = Math.min(Math.max(last.right - width / 2, 16), document.documentElement.clientWidth - width - 16);
  const isLow = last.bottom + APART + height > innerHeight - 60;
  const top = isLow ? Math.max(first.top - APART - height, 60) : last.bottom + APART;
  element.style.left = `${left - origin.left}px`;
  element.style.top = `${top - origin.top}px`;
}
