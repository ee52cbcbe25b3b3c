package dev.assent.web;

/** Whom a page names. Immutable; the name is safe to show. */
record PersonView(String id, String name) {}
