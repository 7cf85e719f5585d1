// Marks of charts: what they stand for is shown at once, and arrow keys lead from one to another.

const TIP_GAP = 14; // pixels between the pointer and the tooltip

// Return the mark that is next to another one in the direction of an arrow key.
function beside(mark, key) {
  const middle = (e) => { const box = e.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; };
  const [axis, way] = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, -1], ArrowDown: [1, 1] }[key];
  const from = middle(mark);
  const far = (e) => { const to = middle(e); const along = way * (to[axis] - from[axis]); return along > 1 ? along + 3 * Math.abs(to[1 - axis] - from[1 - axis]) : Infinity; };
  const ahead = [...mark.ownerSVGElement.querySelectorAll(".mark")].map((e) => [far(e), e]).filter(([d]) => d < Infinity);
  return ahead.sort(([a], [b]) => a - b)[0]?.[1];
}

// The browser's own tooltips come after a second. Return what hides the one that is shown.
function watchMarks(root) {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("aria-hidden", "true"); // the mark's own title is read out
  tip.hidden = true;
  root.append(tip);
  let shown = null; // the title, which is out of a mark under the pointer

  const hide = () => {
    if (shown) shown.mark.prepend(shown.title);
    shown = null;
    tip.hidden = true;
  };
  const show = (at, x, y, pointed) => {
    const mark = at.closest?.("svg *");
    if (!mark || mark !== shown?.mark) hide();
    const title = shown?.title ?? mark?.querySelector(":scope > title");
    if (!title) return;
    shown = { mark, title };
    if (pointed) title.remove(); // a mark with the focus keeps its name for screen readers
    tip.textContent = title.textContent;
    tip.hidden = false;
    const page = root.getBoundingClientRect();
    const left = x + TIP_GAP + tip.offsetWidth > page.right ? x - TIP_GAP - tip.offsetWidth : x + TIP_GAP;
    const top = y + TIP_GAP + tip.offsetHeight > window.innerHeight ? y - TIP_GAP - tip.offsetHeight : y + TIP_GAP;
    tip.style.left = `${Math.max(left - page.left, 0)}px`;
    tip.style.top = `${top - page.top}px`;
  };
  root.addEventListener("pointermove", ({ target, clientX, clientY }) => show(target, clientX, clientY, true));
  root.addEventListener("pointerleave", hide);
  root.addEventListener("focusin", ({ target }) => {
    if (!target.matches(".mark")) return;
    const box = target.getBoundingClientRect();
    show(target, box.x + box.width / 2, box.y + box.height / 2, false);
    // Of the marks of a chart one is in the order of Tab.
    for (const mark of target.ownerSVGElement.querySelectorAll(".mark")) mark.setAttribute("tabindex", mark === target ? "0" : "-1");
  });
  root.addEventListener("focusout", hide);
  return hide;
}

