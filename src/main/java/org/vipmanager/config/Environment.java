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
            String text = value;
            if (!setting.get().isSecret()) {
                text = bare(value);
            } else if (!bare(value).equals(value.strip())) {
                findings.warn("the quotes around " + name + " are taken as a part of it");
            }
            Given given = Given.text(text, new Source.Variable(name));
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

    /**
     * Without the blanks at its ends and the quotes around it: docker and podman leave both in what
     * a line of {@code --env-file} says, where systemd and a shell take them away.
     */
    private static String bare(String value) {
        String text = value.strip();
        boolean isQuoted =
                text.length() > 1
                        && (text.charAt(0) == '"' || text.charAt(0) == '\'')
                        && text.charAt(text.length() - 1) == text.charAt(0);
        return isQuoted ? text.substring(1, text.length() - 1).strip() : text;
    }
}
