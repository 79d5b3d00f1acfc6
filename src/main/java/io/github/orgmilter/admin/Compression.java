package io.github.orgmilter.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** Compression of long answers, for those who accept it: Prometheus does. */
final class Compression {

    private static final int WORTH_IT = 1024;

    private Compression() {}

    static Answer apply(Request request, Answer answer) {
        if (answer.body().length < WORTH_IT
                || !accepts(request.header("Accept-Encoding").orElse(""))) {
            return answer;
        }
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(answer.body().length / 8);
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not of memory
        }
        return answer.encoded("gzip", compressed.toByteArray()).with("Vary", "Accept-Encoding");
    }

    private static boolean accepts(String encodings) {
        return Stream.of(encodings.toLowerCase(Locale.ROOT).replace(" ", "").split(","))
                .anyMatch(coding ->
                        coding.equals("gzip") || (coding.startsWith("gzip;") && !coding.matches("gzip;q=0(\\.0*)?")));
    }
}
