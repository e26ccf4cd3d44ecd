// The small picture of an amount while it is typed. <input data-amount="address?key=…" data-amount-shown="id">: the
// address is asked a moment after the last key, and its answer (a drawing and words, or what is wrong) shown there.
(function () {
  "use strict";
  const PAUSE = 250;
  let timer = 0;
  let asking = null;

  async function show(field) {
    const place = document.getElementById(field.dataset.amountShown);
    if (!place) { return; }
    if (asking) { asking.abort(); }
    asking = new AbortController();
    const address = `${field.dataset.amount}&text=${encodeURIComponent(field.value)}`;
    try {
      const answer = await fetch(address, { signal: asking.signal, headers: { "HX-Request": "true" } });
      if (answer.ok && !answer.redirected) {
        window.htmx.swap(place, await answer.text(), { swapStyle: "innerHTML" });
        if (place.querySelector("[data-wrong]")) { field.setAttribute("aria-invalid", "true"); } else { field.removeAttribute("aria-invalid"); }
      }
    } catch { /* typed on meanwhile, or no connection: the old picture stays until the next key */ }
  }
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-amount]")) { clearTimeout(timer); timer = setTimeout(() => show(event.target), PAUSE); }
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-amount]") && event.target.value) { clearTimeout(timer); show(event.target); }
  });
})();
