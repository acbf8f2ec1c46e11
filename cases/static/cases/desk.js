// What a form says while one types. Everything here is said again by the server when it is saved.
(function () {
  "use strict";

  // --- Dates: how the server understands them

  const waiting = new WeakMap();

  function explain(input) {
    const hint = input.parentElement.querySelector(".edtf-hint");
    const value = input.value.trim();
    clearTimeout(waiting.get(input));
    if (!value) {
      hint.textContent = "";
      hint.classList.remove("wrong");
      return;
    }
    waiting.set(input, setTimeout(async function () {
      const address = "/desk/dates/?value=" + encodeURIComponent(value);
      try {
        const answer = await (await fetch(address)).json();
        if (input.value.trim() !== value) return;
        hint.textContent = answer.text;
        hint.classList.toggle("wrong", !answer.ok);
      } catch {
        hint.textContent = "";
      }
    }, 250));
  }

  // --- Sources: which facts have none yet

  const ROWS = /(names|payments)-[^-]+-$/;

  function stated(name) {
    return Array.from(document.getElementsByName(name)).some(function (input) {
      if (input.type === "checkbox" || input.type === "radio") return input.checked;
      if (input.multiple) return input.selectedOptions.length > 0;
      return input.value.trim() !== "" && input.value !== "unknown";
    });
  }

  function value(name) {
    const input = document.getElementsByName(name)[0];
    return input ? (input.type === "checkbox" ? String(input.checked) : input.value) : "";
  }

  function cited(prefix) {
    const found = new Set();
    const start = prefix + "citations-";
    document.querySelectorAll('input[name^="' + start + '"][name$="-fields"]:checked').forEach(function (box) {
      const row = box.name.slice(0, -"fields".length);
      if (row.slice(start.length).split("-").length !== 2) return;
      if (value(row + "DELETE") === "true" || value(row + "rank") === "deprecated") return;
      const otherwise = value(row + "values").split("\n").map((line) => line.split(":")[0].trim());
      if (!otherwise.includes(box.value) && value(row + "source")) found.add(box.value);
    });
    return found;
  }

  function markFacts() {
    const known = new Map();
    document.querySelectorAll(".unsourced[data-fact]").forEach(function (mark) {
      const input = mark.closest(".help").parentElement.querySelector("[name]");
      const name = input ? input.name.replace(/_(en|ru|kk)$/, "") : "";
      const field = name.slice(name.lastIndexOf("-") + 1);
      const row = name.slice(0, name.lastIndexOf("-") + 1);
      if (!field || /-(empty|__prefix__)-/.test(row)) return;
      const subject = row.replace(ROWS, "");
      if (!known.has(subject)) known.set(subject, cited(subject));
      const filled = stated(row + field) || ["en", "ru", "kk"].some((language) => stated(row + field + "_" + language));
      mark.hidden = !filled || known.get(subject).has(mark.dataset.fact);
    });
  }

  function changed(event) {
    if (event.target.matches && event.target.matches("input.edtf")) explain(event.target);
    requestAnimationFrame(markFacts);
  }

  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  document.addEventListener("formset:added", changed);
  document.addEventListener("DOMContentLoaded", function () {
    // Autocomplete tells jQuery only.
    if (window.django && window.django.jQuery) {
      window.django.jQuery(document).on("change djnesting:mutate", () => requestAnimationFrame(markFacts));
    }
    const conflict = document.getElementById("conflict");
    if (conflict) conflict.focus();
    // A record that was never saved has facts that only this page knows of.
    if (document.querySelector(".errornote") || !document.querySelector(".standing")) markFacts();
  });
})();
