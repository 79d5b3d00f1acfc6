package io.github.orgmilter.identity;

/** Which characters a log, a message or a terminal may show as they are. */
public final class Visibility {

    private Visibility() {}

    /** Whether the character is visible and has no other effect: not a space, a control or a change of direction. */
    public static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }
}
