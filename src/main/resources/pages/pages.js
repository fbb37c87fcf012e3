// What the pages do besides: everything works without it. No page needs more than this.
(() => {
  'use strict';

  // One box for all boxes of the list.
  const all = document.getElementById('all');
  if (all) {
    const boxes = [...document.querySelectorAll('input[name="id"]')];
    const tell = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    };
    all.hidden = boxes.length === 0;
    all.addEventListener('change', () => {
      boxes.forEach((box) => { box.checked = all.checked; });
    });
    boxes.forEach((box) => box.addEventListener('change', tell));
    tell();
  }

  // Copies what stands beside the button. The clipboard is there with TLS and on this machine only.
  document.querySelectorAll('[data-copy]').forEach((button) => {
    if (!navigator.clipboard) {
      return;
    }
    button.hidden = false;
    const label = button.innerHTML;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = 'Copied';
      setTimeout(() => { button.innerHTML = label; }, 2000);
    });
  });

  // Times as the clock on the wall has them, besides UTC.
  document.querySelectorAll('time[datetime]').forEach((time) => {
    const local = new Date(time.dateTime);
    if (local.getTimezoneOffset() !== 0) {
      time.title += ` (${local.toLocaleString()} here)`;
    }
  });

  // Loads the page again every so often, until somebody does something in it.
  const again = document.getElementById('again');
  if (again) {
    const key = 'again';
    again.closest('label').hidden = false;
    again.checked = sessionStorage.getItem(key) === 'true';
    again.addEventListener('change', () => sessionStorage.setItem(key, again.checked));
    setInterval(() => {
      const isBusy = document.hidden || document.querySelector('input[name="id"]:checked, form :focus, details[open] :focus');
      if (again.checked && !isBusy) {
        window.location.reload();
      }
    }, 10000);
  }
})();
