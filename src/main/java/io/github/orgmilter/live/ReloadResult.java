package io.github.orgmilter.live;

/**
 * The result of a reload.
 *
 * @param success whether the new configuration is current now
 * @param text what changed, or what is wrong with it
 */
public record ReloadResult(boolean success, String text) {}
