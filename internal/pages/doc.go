// Package pages renders the hosted HTML pages: templates, their assets, the
// security headers of every page, and the preferences of language and theme.
//
// A surface fills in a Content (Setup, Refusal, Notice …) and calls Render;
// it never writes HTML itself. Sentences come from the catalogue of i18n.
// Nothing is loaded from another host, and every page works without script.
//
// What does not live here: deciding anything. The check of a form's token and
// origin, sessions and their cookies belong to the surfaces.
//
// Routes offered: GET /assets/{file} (Assets).
package pages
