// Rows that are added and removed: the values of a recipe. Without this some empty ones stand there.
export function rows() {
  for (const set of document.querySelectorAll("[data-rows]")) begin(set);
}

function begin(set) {
  const list = set.querySelector("[data-list]");
  const add = set.querySelector("[data-add-row]");
  let number = 0;
  for (const row of [...list.children].reverse()) if (isEmpty(row) && list.children.length > 1) row.remove();
  for (const button of list.querySelectorAll("[data-remove-row]")) button.hidden = false;
  const tell = () => (add.hidden = list.children.length >= Number(set.dataset.most));
  add.addEventListener("click", () => {
    const row = newRow(set.querySelector("template"), (number += 1));
    list.append(row);
    row.querySelector("input").focus();
    tell();
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[data-remove-row]")?.closest("[data-row]");
    if (!row) return;
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (next?.querySelector("input") ?? add).focus();
    tell();
  });
  tell();
}

function isEmpty(row) {
  return [...row.querySelectorAll("input")].every((input) => !input.value.trim()) && !row.querySelector(".error");
}

function newRow(template, number) {
  const row = template.content.firstElementChild.cloneNode(true);
  for (const name of ["id", "for"]) {
    for (const element of row.querySelectorAll(`[${name}^="field-new-"]`)) {
      element.setAttribute(name, element.getAttribute(name).replace("-new-", `-new${number}-`));
    }
  }
  row.querySelector("[data-remove-row]").hidden = false;
  return row;
}
