(() => {
  const words = document.getElementById("table-words")?.dataset;
  if (!words) return;
  const cells = (row) => Array.from(row.cells).flatMap((cell) => {
    const text = (cell.querySelector("button") ?? cell).textContent.replace(/\s+/g, " ").trim();
    return [text, ...Array(cell.colSpan - 1).fill("")];
  });
  const lines = (table) => Array.from(table.rows).filter((row) => !row.hidden).map(cells);
  const guarded = (text) => (/^[=+\-@\t]/.test(text) && !/^[+\-]?[\d.,]+%?$/.test(text) ? `'${text}` : text);
  const csv = (table) => lines(table).map((line) => line.map((text) => `"${guarded(text).replace(/"/g, '""')}"`).join(",")).join("\r\n");
  const button = (label, action) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.addEventListener("click", action);
    return made;
  };
  const toolsOf = (box) => {
    const table = box.querySelector("table");
    if (!table || box.previousElementSibling?.className === "tabletools") return;
    const tools = document.createElement("div");
    tools.className = "tabletools";
    const copy = button(words.copy, async () => {
      await navigator.clipboard.writeText(lines(table).map((line) => line.join("\t")).join("\n"));
      copy.textContent = words.copied;
    });
    const save = button("CSV", () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(["\ufeff", csv(table)], { type: "text/csv" }));
      link.download = `${document.title} - ${box.getAttribute("aria-label") ?? ""}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
    copy.setAttribute("aria-label", `${words.copy}: ${box.getAttribute("aria-label") ?? ""}`);
    save.setAttribute("aria-label", `CSV: ${box.getAttribute("aria-label") ?? ""}`);
    tools.append(copy, save);
    box.before(tools);
  };
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { toolsOf(entry.target); near.unobserve(entry.target); }
  }, { rootMargin: "200px" });
  document.querySelectorAll(".scroll").forEach((box) => near.observe(box));

  const show = (list, component) => {
    list.open = true;
    list.querySelectorAll("table.l tbody tr:not(.g)").forEach((row) => {
      const marks = row.cells[4].textContent.split(" ");
      row.hidden = Boolean(component) && !marks.some((mark) => mark.replace(/[a-z]+$/, "") === component);
    });
    list.querySelectorAll("[data-c]").forEach((mark) => {
      mark.hidden = Boolean(component) && mark.dataset.c !== component;
    });
    list.querySelectorAll("table.l tbody").forEach((part) => {
      part.hidden = !part.querySelector("tr:not(.g):not([hidden])");
    });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href$="-lost"]');
    const list = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (list) show(list, link.dataset.c);
  });
  const asked = () => {
    const list = location.hash.endsWith("-lost") && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (list) { list.open = true; list.scrollIntoView(); }
  };
  addEventListener("hashchange", asked);
  asked();
})();
