// While an @ is typed in <textarea data-mentions="id of a list of names">, the names that begin so are offered below it:
// arrows choose, Enter or Tab takes, Escape leaves; the field keeps the focus and tells a screen reader which is chosen.
(function () {
  "use strict";
  const MOST = 6;
  let open = null;

  const namesOf = (field) => [...document.querySelectorAll(`#${field.dataset.mentions} li`)].map((li) => li.textContent);
  /* What stands between the @ and the caret: names hold blanks, so up to three words count */
  function begun(field) {
    const before = field.value.slice(0, field.selectionStart);
    const match = /(^|[^\p{L}\p{N}_@.])@([^\s@]*(?:[ \t][^\s@]+){0,2})$/u.exec(before);
    return match && { at: before.length - match[2].length, word: match[2].toLowerCase() };
  }
  function close() {
    if (!open) { return; }
    open.list.remove();
    ["aria-controls", "aria-activedescendant", "aria-autocomplete"].forEach((name) => open.field.removeAttribute(name));
    open = null;
  }
  function choose(n) {
    const rows = [...open.list.children];
    open.n = (n + rows.length) % rows.length;
    rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === open.n)));
    open.field.setAttribute("aria-activedescendant", rows[open.n].id);
    rows[open.n].scrollIntoView({ block: "nearest" });
  }
  function take(name) {
    const { field, at } = open;
    const end = field.selectionStart;
    close();
    field.setRangeText(`${name} `, at, end, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function offer(field) {
    const found = begun(field);
    const names = found ? namesOf(field).filter((name) => name.toLowerCase().startsWith(found.word) && name.toLowerCase() !== found.word.trimEnd()).slice(0, MOST) : [];
    close();
    if (!names.length) { return; }
    const list = document.createElement("ul");
    list.className = "names";
    list.id = `names-${field.id}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Members");
    names.forEach((name, i) => {
      const row = document.createElement("li");
      row.id = `${list.id}-${i}`;
      row.setAttribute("role", "option");
      row.textContent = name;
      row.addEventListener("mousedown", (event) => { event.preventDefault(); take(name); });
      list.append(row);
    });
    field.after(list);
    open = { field, list, names, at: found.at, n: 0 };
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    choose(0);
  }

  document.addEventListener("input", (event) => { if (event.target.matches("[data-mentions]")) { offer(event.target); } });
  document.addEventListener("focusout", (event) => { if (open && event.target === open.field) { close(); } });
  document.addEventListener("keydown", (event) => {
    if (!open || event.target !== open.field || event.isComposing) { return; }
    const keys = { ArrowDown: () => choose(open.n + 1), ArrowUp: () => choose(open.n - 1), Enter: () => take(open.names[open.n]), Tab: () => take(open.names[open.n]), Escape: close };
    if (!keys[event.key] || event.shiftKey) { return; }
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  }, true);
})();
