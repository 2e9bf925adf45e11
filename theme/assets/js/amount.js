// Lets go of a suggested amount as soon as another is typed, so that only one is sent.
// Needs inputs called `amount`: radio buttons and one to type in. Without it the giving asks which one counts.
for (const typed of document.querySelectorAll('input[name="amount"]:not([type="radio"])')) {
  const suggested = typed.form.querySelectorAll('input[name="amount"][type="radio"]');
  typed.addEventListener("input", () => {
    for (const radio of suggested) radio.checked = false;
  });
  for (const radio of suggested) radio.addEventListener("change", () => { typed.value = ""; });
}
