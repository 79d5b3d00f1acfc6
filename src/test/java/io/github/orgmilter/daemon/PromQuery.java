package io.github.orgmilter.daemon;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a PromQL expression asks for: the series that it selects, and the labels that it groups by.
 *
 * <p>Read well enough for a dashboard, and strictly: a word that is no metric, function or keyword known here is an error.
 */
record PromQuery(List<Selector> selectors, Set<String> groupedBy) {

    /** The series of a metric that match all of these. */
    record Selector(String metric, List<LabelMatcher> matchers) {}

    /** One condition in braces; the operator is one of {@code = != =~ !~}. */
    record LabelMatcher(String label, String operator, String value) {

        boolean matches(String actual) {
            return switch (operator) {
                case "=" -> actual.equals(value);
                case "!=" -> !actual.equals(value);
                case "=~" -> actual.matches(value);
                case "!~" -> !actual.matches(value);
                default -> throw new IllegalArgumentException(operator);
            };
        }
    }

    private static final Pattern TOKEN =
            Pattern.compile("\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|\\[(?:[0-9]+[smhd]|\\$__rate_interval)\\]"
                    + "|[0-9][0-9.]*|[A-Za-z_:][A-Za-z0-9_:]*|=~|!~|!=|[-+*/(){},=<>])");
    private static final Set<String> FUNCTIONS = Set.of(
            "sum",
            "min",
            "max",
            "avg",
            "count",
            "topk",
            "bottomk",
            "rate",
            "increase",
            "changes",
            "histogram_quantile",
            "time");
    private static final Set<String> GROUPING = Set.of("by", "without", "on", "ignoring");

    static PromQuery parse(String expression) {
        List<String> tokens = tokens(expression);
        List<Selector> selectors = new ArrayList<>();
        Set<String> groupedBy = new HashSet<>();
        int depth = 0;
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            String next = i + 1 < tokens.size() ? tokens.get(i + 1) : "";
            if (GROUPING.contains(token)) {
                int end = tokens.subList(i, tokens.size()).indexOf(")") + i;
                tokens.subList(i + 2, end).stream()
                        .filter(label -> !label.equals(","))
                        .forEach(groupedBy::add);
                i = end;
            } else if (FUNCTIONS.contains(token)) {
                if (!next.equals("(") && !GROUPING.contains(next)) {
                    throw new IllegalArgumentException(token + " is no metric: " + expression);
                }
            } else if (Character.isLetter(token.charAt(0))) {
                if (next.equals("(")) {
                    throw new IllegalArgumentException("unknown function " + token + ": " + expression);
                }
                int end = next.equals("{") ? tokens.subList(i, tokens.size()).indexOf("}") + i : i;
                selectors.add(new Selector(token, end == i ? List.of() : matchers(tokens.subList(i + 2, end))));
                i = end;
            } else if (token.equals("(") || token.equals(")")) {
                depth += token.equals("(") ? 1 : -1;
            }
        }
        if (depth != 0 || selectors.isEmpty()) {
            throw new IllegalArgumentException(expression);
        }
        return new PromQuery(selectors, groupedBy);
    }

    private static List<LabelMatcher> matchers(List<String> tokens) {
        List<LabelMatcher> matchers = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i += 4) {
            String value = tokens.get(i + 2);
            if (!value.startsWith("\"")
                    || (i + 3 < tokens.size() && !tokens.get(i + 3).equals(","))) {
                throw new IllegalArgumentException(tokens.toString());
            }
            matchers.add(new LabelMatcher(tokens.get(i), tokens.get(i + 1), value.substring(1, value.length() - 1)));
        }
        return matchers;
    }

    private static List<String> tokens(String expression) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(expression.strip());
        while (!matcher.hitEnd()) {
            if (!matcher.lookingAt()) {
                throw new IllegalArgumentException("at " + matcher.regionStart() + ": " + expression);
            }
            tokens.add(matcher.group(1));
            matcher.region(matcher.end(), expression.strip().length());
            if (matcher.regionStart() == matcher.regionEnd()) {
                break;
            }
        }
        return tokens;
    }
}
