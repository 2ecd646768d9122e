// The controls of the preview: each sets an attribute, or a CSS property, of the boxes shown.

const controls = document.getElementById("controls");
const boxes = document.querySelectorAll(".previewed");

controls.hidden = false;
controls.addEventListener("change", ({ target: { value, dataset } }) => {
  for (const box of boxes) {
    if (dataset.property) box.style.setProperty(dataset.property, value);
    else if (value) box.setAttribute(dataset.attribute, value);
    else box.removeAttribute(dataset.attribute);
  }
});
