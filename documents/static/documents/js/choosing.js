// Choosing several rows of a list: all at once, and buttons that wait until there is one.
export function choosing() {
  for (const form of document.querySelectorAll("[data-choosing]")) begin(form);
}

function begin(form) {
  const all = form.querySelector("[data-all] input");
  const boxes = [...form.querySelectorAll("[name=document]")];
  const told = form.querySelector("[data-how-many]");
  const words = told.textContent;
  form.querySelector("[data-all]").hidden = false;
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && !all.checked;
    told.textContent = chosen ? `${chosen.toLocaleString("en")} chosen` : words;
    for (const button of form.querySelectorAll("[data-with-chosen]")) button.disabled = !chosen;
  };
  form.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes) box.checked = all.checked;
    tell();
  });
  // A browser that goes back restores what was chosen.
  addEventListener("pageshow", tell);
  tell();
}
