// Everything here makes a page nicer; none of it is needed to read or to search.
const dark = matchMedia("(prefers-color-scheme: dark)");
const hover = document.createElement("div");
hover.className = "hover";
hover.hidden = true;
hover.setAttribute("aria-hidden", "true"); // the table under each chart says the same to a screen reader
document.body.append(hover);

let bundle = null;
async function embedder() {
  bundle ??= import(document.querySelector("[data-chart]").dataset.script);
  await bundle;
  return window.vegaEmbed;
}

function label(handler, event, item, value) {
  hover.hidden = value === null || value === undefined || value === "";
  if (hover.hidden) return;
  hover.textContent = typeof value === "object" ? Object.values(value).join("\n") : String(value);
  const { width, height } = hover.getBoundingClientRect();
  const x = event.clientX + 14 + width > innerWidth ? event.clientX - width - 14 : event.clientX + 14;
  const y = event.clientY + 14 + height > innerHeight ? event.clientY - height - 14 : event.clientY + 14;
  hover.style.left = `${Math.max(4, x)}px`;
  hover.style.top = `${Math.max(4, y)}px`;
}

async function draw(plot) {
  const target = plot.firstElementChild;
  const address = new URL(plot.dataset.chart, location.href);
  address.searchParams.set("scheme", dark.matches ? "dark" : "light");
  try {
    const [response, embed] = await Promise.all([fetch(address, { credentials: "same-origin" }), embedder()]);
    if (!response.ok) throw new Error(`${response.status}`);
    const chart = await response.json();
    const result = await embed(target, chart.spec, {
      ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: label,
      formatLocale: chart.numbers, timeFormatLocale: chart.times,
    });
    plot.classList.remove("waiting");
    result.view.addEventListener("click", (_event, item) => {
      if (item?.datum?.href) location.assign(item.datum.href);
    });
    plot.result?.finalize();
    plot.result = result;
    plot.dataset.drawn = "yes";
  } catch (error) {
    console.error("chart", error);
    plot.classList.remove("waiting");
    plot.classList.add("failed");
    plot.dataset.drawn = "failed";
    plot.textContent = plot.dataset.failed;
    plot.closest(".figure")?.querySelector("details")?.setAttribute("open", "");
  }
}

const plots = [...document.querySelectorAll("[data-chart]")];
if (plots.length) {
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      draw(target);
    }
  }, { rootMargin: "300px" });
  for (const plot of plots) near.observe(plot);
  dark.addEventListener("change", () => plots.filter((p) => p.dataset.drawn === "yes").forEach(draw));
}

for (const select of document.querySelectorAll("select[data-submit]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
    const before = button.textContent;
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = before; }, 1500);
  });
}

for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => print());
}
