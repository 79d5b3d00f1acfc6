package io.github.orgmilter.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The metrics as Prometheus collects them: in its own text format, or as OpenMetrics. */
public final class Exposition {

    private static final ExpositionFormats FORMATS = ExpositionFormats.init();

    private final ServiceMetrics metrics;

    /** Adds the metrics of the JVM, which load all of JMX: make one only where there is a listener. */
    public Exposition(ServiceMetrics metrics) {
        this.metrics = metrics;
        JvmMetrics.builder().register(metrics.registry());
    }

    /**
     * Collects them now.
     *
     * @param accept the header field of that name, or nothing
     * @param into takes the text, in UTF-8
     * @return the media type of the text
     */
    public String write(String accept, ByteArrayOutputStream into) {
        metrics.chooseBusiest();
        ExpositionFormatWriter openMetrics = FORMATS.getOpenMetricsTextFormatWriter();
        ExpositionFormatWriter writer =
                openMetrics.accepts(accept) ? openMetrics : FORMATS.getPrometheusTextFormatWriter();
        try {
            writer.write(into, metrics.registry().scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not of memory
        }
        return writer.getContentType();
    }
}
