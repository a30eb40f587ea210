package org.vipmanager.config;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the variables whose names begin with {@code VIP_}. */
final class Environment {

    private Environment() {}

    static Layer read(Map<String, String> variables, Findings findings) {
        Layer layer = new Layer();
        // In the order of their names: the environment has none.
        new TreeMap<>(variables)
                .forEach(
                        (name, value) -> {
                            if (name.startsWith(Setting.VARIABLE_PREFIX)) {
                                take(name, value, layer, findings);
                            }
                        });
        return layer;
    }

    private static void take(String name, String value, Layer layer, Findings findings) {
        String word = name.substring(Setting.VARIABLE_PREFIX.length());
        Optional<Setting> setting = Settings.find(word);
        if (setting.isPresent()) {
            Layer.Spelling spelling =
                    name.equals(setting.get().variable())
                            ? Layer.Spelling.EXACT
                            : Layer.Spelling.OLD;
            Given given = Given.text(value, new Source.Variable(name));
            layer.add(setting.get(), name, spelling, given);
        } else if (!value.isBlank()) {
            String meant =
                    Settings.nearest(word)
                            .flatMap(Settings::find)
                            .map(near -> "; is " + near.variable() + " meant?")
                            .orElse("");
            findings.warn("the variable " + name + " is ignored: no such setting" + meant);
        }
    }
}
