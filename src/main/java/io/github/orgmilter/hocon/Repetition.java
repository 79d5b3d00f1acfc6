package io.github.orgmilter.hocon;

import io.github.orgmilter.hocon.HoconKeys.Setting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** A key that one text sets twice: HOCON drops the first value, unless both are objects, which it merges. */
record Repetition(HoconKeys.Key first, HoconKeys.Key second) {

    private static final Set<Setting> OBJECTS_PERHAPS = Set.of(Setting.OBJECT, Setting.REFERENCE, Setting.OVERRIDE);

    /** The repetitions among the keys of one text, of the paths that match. */
    static List<Repetition> in(List<HoconKeys.Key> keys, Predicate<List<String>> among) {
        List<Repetition> repetitions = new ArrayList<>();
        Map<List<String>, HoconKeys.Key> last = new HashMap<>();
        for (HoconKeys.Key key : keys) {
            if (key.setting() != Setting.PARENT && among.test(key.path())) {
                HoconKeys.Key before = last.put(key.path(), key);
                if (before != null && drops(before.setting(), key.setting())) {
                    repetitions.add(new Repetition(before, key));
                }
            }
        }
        return repetitions;
    }

    private static boolean drops(Setting first, Setting second) {
        return second != Setting.OVERRIDE
                && second != Setting.ADDITION
                && !(first == Setting.OBJECT && second == Setting.OBJECT);
    }

    /** Whether they are merged all the same if the result is an object. */
    boolean mayMerge() {
        return OBJECTS_PERHAPS.contains(first.setting()) && OBJECTS_PERHAPS.contains(second.setting());
    }
}
