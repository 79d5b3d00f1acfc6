package io.github.orgmilter.hocon;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.hocon.HoconKeys.Substitution;
import java.util.ArrayList;
import java.util.List;

/** The substitutions in all files of a document that must be defined. */
final class Substitutions {

    private record Written(String expression, List<String> prefix, Location location) {}

    private final int base;
    private final Problems problems;
    private final List<Written> all = new ArrayList<>();

    /**
     * Starts without any.
     *
     * @param base the length of the path at which the document is
     */
    Substitutions(int base, Problems problems) {
        this.base = base;
        this.problems = problems;
    }

    /** Adds those of a file that is included at a path. */
    void add(List<Substitution> found, Location file, List<String> path) {
        for (Substitution substitution : found) {
            all.add(new Written(
                    substitution.expression(), path.subList(base, path.size()), file.atLine(substitution.line())));
        }
    }

    /** Reports those that are undefined; false if none is. */
    boolean reportUndefined(Config partly) {
        boolean found = false;
        for (Written written : all) {
            if (!isDefined(partly, written)) {
                found = true;
                problems.error(
                        written.location(),
                        "${" + written.expression() + "} is undefined",
                        "define it, set an environment variable of this name, or write ${?" + written.expression()
                                + "}");
            }
        }
        return found;
    }

    private static boolean isDefined(Config partly, Written written) {
        try {
            return System.getenv(written.expression()) != null
                    || partly.hasPath(written.expression())
                    || (!written.prefix().isEmpty()
                            && partly.hasPath(ConfigUtil.joinPath(written.prefix()) + "." + written.expression()));
        } catch (ConfigException e) {
            return true; // it exists, and is unresolved because of another one
        }
    }
}
