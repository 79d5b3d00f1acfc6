package io.github.orgmilter.cli;

/**
 * The result of a reload.
 *
 * @param success whether the new configuration is current now
 * @param text what changed, or what is wrong with it
 */
record ReloadResult(boolean success, String text) {}
