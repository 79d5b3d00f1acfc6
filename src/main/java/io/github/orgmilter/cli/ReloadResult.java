package io.github.orgmilter.cli;

/**
 * What a reload comes to.
 *
 * @param success whether the new configuration is the current one now
 * @param text what changed, or what is wrong with it
 */
record ReloadResult(boolean success, String text) {}
