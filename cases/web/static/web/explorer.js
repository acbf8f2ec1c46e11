"use strict";
// Addresses without the fields that were left empty.
document.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});

// Groups that the reader opened or closed stay so when their counts are brought up to date.
const groups = new Map();
document.addEventListener("click", ({ target }) => {
  const group = target.closest("summary")?.parentElement;
  if (group) groups.set(group.id, !group.open);
});
document.addEventListener("htmx:load", ({ detail }) => {
  for (const [id, open] of groups) {
    const group = document.getElementById(id);
    if (group) group.open = open;
  }
  offerCopies(detail.elt);
});

function offerCopies(part) {
  if (!navigator.clipboard) return;
  for (const button of part.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.onclick = async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.classList.add("copied");
      setTimeout(() => button.classList.remove("copied"), 1500);
    };
  }
}
