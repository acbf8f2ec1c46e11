// Shows the schema with whichever viewer the page has loaded.
const place = document.getElementById("schema");
const url = place.dataset.url;
if (window.SwaggerUIBundle) {
  // The validator is a foreign site.
  SwaggerUIBundle({ url, domNode: place, deepLinking: true, validatorUrl: null });
} else {
  Redoc.init(url, { hideDownloadButton: true, nativeScrollbars: true }, place);
}
