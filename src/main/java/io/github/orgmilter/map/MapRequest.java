package io.github.orgmilter.map;

import java.nio.charset.StandardCharsets;

/**
 * One look-up: the map's name, a space, and the key, as the content of a netstring.
 *
 * @param key any text, not checked; what is not UTF-8 is U+FFFD, which no domain and no address has
 */
record MapRequest(String map, String key) {

    /**
     * Reads the content of a netstring.
     *
     * @throws MalformedRequestException if there is no space, or no name before it
     */
    static MapRequest parse(byte[] content) throws MalformedRequestException {
        String text = new String(content, StandardCharsets.UTF_8);
        int space = text.indexOf(' ');
        if (space <= 0) {
            throw new MalformedRequestException("a request without a map and a key");
        }
        return new MapRequest(text.substring(0, space), text.substring(space + 1));
    }
}
