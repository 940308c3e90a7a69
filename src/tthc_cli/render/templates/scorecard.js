"use strict";
(() => {
  const table = document.getElementById("ranking-table");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const status = document.getElementById("ranking-status");
  const search = document.getElementById("search");
  const level = document.getElementById("level");
  const grade = document.getElementById("grade");
  const fold = (text) =>
    text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
  const texts = rows.map((row) => fold(row.dataset.text));

  const filter = () => {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, i) => {
      const fits =
        words.every((word) => texts[i].includes(word)) &&
        (!level.value || row.dataset.level === level.value) &&
        (!grade.value || row.dataset.grade === grade.value);
      row.hidden = !fits;
      if (fits) shown += 1;
    });
    status.textContent = shown ? status.dataset.some.replace("#", shown) : status.dataset.none;
  };

  const value = (row, column) => {
    const text = row.cells[column].dataset.v;
    return text === "" ? null : Number(text);
  };
  const sort = (header, column) => {
    const first = header.dataset.first === "descending" ? "descending" : "ascending";
    const second = first === "descending" ? "ascending" : "descending";
    const order = header.getAttribute("aria-sort") === first ? second : first;
    for (const other of table.tHead.rows[0].cells) {
      if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
    }
    header.setAttribute("aria-sort", order);
    const sign = order === "ascending" ? 1 : -1;
    rows
      .map((row, i) => ({ row, i, v: value(row, column) }))
      .sort((a, b) => {
        if (a.v === null || b.v === null) return a.v === b.v ? a.i - b.i : a.v === null ? 1 : -1;
        return sign * (a.v - b.v) || a.i - b.i;
      })
      .forEach((entry) => body.append(entry.row));
  };

  Array.from(table.tHead.rows[0].cells).forEach((header, column) => {
    const button = header.querySelector("button");
    if (button) button.addEventListener("click", () => sort(header, column));
  });
  search.addEventListener("input", filter);
  level.addEventListener("change", filter);
  grade.addEventListener("change", filter);
  window.addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details")) part.open = true;
  });
  filter();
})();
