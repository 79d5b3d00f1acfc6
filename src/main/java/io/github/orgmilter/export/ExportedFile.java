package io.github.orgmilter.export;

/**
 * A file for the MTA.
 *
 * @param name its name in the MTA's configuration directory, without folders
 * @param text whole lines, the last one ended as well
 */
public record ExportedFile(String name, String text) {}
