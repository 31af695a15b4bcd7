"""The artwork of the shipped templates: one module a template, `canvas` for all."""
