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
  const text = (row, column) => row.cells[column].textContent.trim();
  const CODE = 1, UNIT = 2, LEVEL = 3, GRADE = 7;
  const more = document.getElementById("all-rows");
  const FIRST_ROWS = 200;
  const known = rows.map((row) => ({
    row,
    names: fold(`${text(row, CODE)} ${text(row, UNIT)}`),
    level: text(row, LEVEL),
    grade: row.cells[GRADE].firstElementChild?.textContent,
  }));

  const filter = () => {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const unit of known) {
      const fits =
        words.every((word) => unit.names.includes(word)) &&
        (!level.value || unit.level === level.value) &&
        (!grade.value || unit.grade === grade.value);
      if (unit.row.hidden === fits) unit.row.hidden = !fits;
      if (fits) shown += 1;
    }
    if (more) more.hidden = shown <= FIRST_ROWS || table.classList.contains("all");
    status.textContent = shown ? status.dataset.some.replace("#", shown.toLocaleString(document.documentElement.lang)) : status.dataset.none;
  };

  const [thousands, point] = document.documentElement.lang === "vi" ? [/\./g, ","] : [/,/g, "."];
  const number = (written) => {
    const plain = written.replace(thousands, "").replace(point, ".").replace("\u2212", "-");
    return plain === "" || Number.isNaN(Number(plain)) ? null : Number(plain);
  };
  const levels = Array.from(level.options, (option) => option.value);
  const value = (row, column, kind) => {
    const cell = row.cells[column];
    if (kind === "code") return cell.textContent;
    if (kind === "level") return levels.indexOf(cell.textContent);
    return cell.dataset.v === undefined ? number(cell.textContent) : Number(cell.dataset.v);
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
    const by = Number(header.dataset.by ?? column);
    const sorted = rows
      .map((row, i) => ({ row, i, v: value(row, by, header.dataset.kind) }))
      .sort((a, b) => {
        if (a.v === null || b.v === null) return a.v === b.v ? a.i - b.i : a.v === null ? 1 : -1;
        return (a.v === b.v ? 0 : a.v < b.v ? -sign : sign) || a.i - b.i;
      });
    body.replaceChildren(...sorted.map((entry) => entry.row));
  };

  Array.from(table.tHead.rows[0].cells).forEach((header, column) => {
    const button = header.querySelector("button");
    if (button) button.addEventListener("click", () => sort(header, column));
  });
  search.addEventListener("input", filter);
  level.addEventListener("change", filter);
  grade.addEventListener("change", filter);
  more?.addEventListener("click", () => {
    table.classList.add("all");
    more.hidden = true;
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") body.querySelector("tr:not([hidden]) a")?.click();
  });

  // The link to a unit stays the same when its section is on another page: index.html#u-CODE leads there.
  const follow = () => {
    const fragment = location.hash;
    if (!fragment.startsWith("#u-") || document.getElementById(fragment.slice(1))) return;
    const link = Array.from(body.querySelectorAll("a")).find((a) => a.hash === fragment);
    if (link) location.replace(link.href);
  };
  window.addEventListener("hashchange", follow);
  follow();
  filter();
})();
