// Shows the source behind a value where the reader points or tabs to. Without it the number is a
// link to the source at the end of the page.
(() => {
  const card = document.createElement("div");
  card.id = "note-card";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  document.querySelector("main").append(card);
  let shown = null;
  let leaving = 0;

  function show(link) {
    clearTimeout(leaving);
    if (link === shown) return;
    hide();
    const source = document.querySelector(link.hash);
    if (!source) return;
    // The browser's own bubble would lie over ours.
    if (link.title) {
      link.dataset.said = link.title;
      link.removeAttribute("title");
    }
    const said = document.createElement("p");
    said.className = "where";
    said.textContent = link.dataset.said || "";
    card.replaceChildren(said, ...[...source.children].map((part) => part.cloneNode(true)));
    card.hidden = false;
    const place = link.getBoundingClientRect();
    const left = Math.min(place.left, document.documentElement.clientWidth - card.offsetWidth - 12);
    const below = place.bottom + 8 + card.offsetHeight < window.innerHeight;
    card.style.left = `${window.scrollX + Math.max(12, left)}px`;
    card.style.top = `${window.scrollY + (below ? place.bottom + 6 : place.top - card.offsetHeight - 6)}px`;
    link.setAttribute("aria-describedby", card.id);
    shown = link;
  }

  function hide() {
    if (!shown) return;
    shown.removeAttribute("aria-describedby");
    shown = null;
    card.hidden = true;
  }

  const note = (event) => event.target.closest?.(".notes a");
  const later = () => { leaving = setTimeout(hide, 200); };
  document.addEventListener("pointerover", (event) => {
    if (note(event)) show(note(event));
    else if (card.contains(event.target)) clearTimeout(leaving);
    else if (shown && shown !== document.activeElement) { clearTimeout(leaving); later(); }
  });
  document.addEventListener("focusin", (event) => (note(event) ? show(note(event)) : hide()));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("click", (event) => { if (note(event)) hide(); });
})();
