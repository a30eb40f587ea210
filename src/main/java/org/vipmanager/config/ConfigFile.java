package org.vipmanager.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the configuration file. */
final class ConfigFile {

    /** A thousand addresses with all their settings take a tenth of this. */
    private static final int LARGEST = 1 << 20;

    private static final List<String> NAMES_AT_THE_TOP = namesAtTheTop();
    private static final List<String> NAMES_OF_A_VIP = namesOfAVip();

    /**
     * What the file says.
     *
     * @param flat the settings at its top
     * @param vips the entries of the list, each with the line on which it begins
     * @param isUnreadable that it could not be read at all, which has been told
     */
    record Content(Layer flat, List<Entry> vips, boolean isUnreadable) {

        static Content nothing(boolean isUnreadable) {
            return new Content(new Layer(), List.of(), isUnreadable);
        }
    }

    /** An entry of the list of addresses. */
    record Entry(Layer settings, Optional<Given> label, Source source) {}

    private final Path path;
    private final Findings findings;

    private ConfigFile(Path path, Findings findings) {
        this.path = path;
        this.findings = findings;
    }

    /**
     * Reads the file; whatever is wrong with it becomes a mistake.
     *
     * @param given how the file was named
     */
    static Content read(Given given, Disk disk, Findings findings) {
        Content nothing = Content.nothing(true);
        Path path;
        try {
            path = Path.of(given.text().strip());
        } catch (InvalidPathException e) {
            findings.mistake("config", given, "is not a valid path", "name a YAML file");
            return nothing;
        }
        try {
            byte[] bytes = disk.read(path, LARGEST + 1);
            if (bytes.length > LARGEST) {
                findings.mistake(
                        "config",
                        given,
                        "is larger than 1 MiB, so it is not a configuration file",
                        "name the YAML file with the settings");
                return nothing;
            }
            return new ConfigFile(path, findings).content(decode(bytes));
        } catch (CharacterCodingException e) {
            findings.mistake(
                    "config", given, "is not UTF-8 text", "name the YAML file with the settings");
        } catch (IOException e) {
            findings.mistake(
                    "config", given, trouble(path, e), "name a file that this user can read");
        } catch (YamlReader.BrokenException e) {
            Source source =
                    e.line() == 0 ? new Source.Named(path) : new Source.Line(path, e.line());
            findings.mistake(
                    new Mistake(
                            e.setting(), "", source, String.valueOf(e.getMessage()), e.remedy()));
        }
        return nothing;
    }

    private static String decode(byte[] bytes) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** What is the matter with a file that could not be read. */
    static String trouble(Path path, IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "does not exist";
            case AccessDeniedException denied ->
                    "may not be read by this user ("
                            + ProcessUser.name()
                            + "; the systemd unit runs as a user of its own)";
            case Disk.NamedPipeException pipe -> "is a named pipe";
            default ->
                    Files.isDirectory(path)
                            ? "is a directory"
                            : "cannot be read (" + e.getMessage() + ")";
        };
    }

    private Content content(String text) throws YamlReader.BrokenException {
        YamlReader.Document document = YamlReader.read(text);
        if (document.hasMoreDocuments()) {
            findings.warn(path + " holds several YAML documents; only the first is read");
        }
        YamlNode root = document.root().orElse(new YamlNode.Scalar("", 1));
        if (root instanceof YamlNode.Mapping mapping) {
            return content(mapping);
        }
        if (root instanceof YamlNode.Scalar scalar && scalar.text().isEmpty()) {
            return Content.nothing(false);
        }
        throw new YamlReader.BrokenException(
                "it holds no settings", root.line(), "write one 'name: value' on a line");
    }

    private Content content(YamlNode.Mapping mapping) {
        Layer flat = new Layer();
        List<Entry> vips = new ArrayList<>();
        for (YamlNode.Entry entry : written(mapping, "")) {
            String name = Settings.canonical(entry.key());
            Optional<Setting> setting = Settings.find(name);
            if (name.equals(Settings.VIPS)) {
                vips.addAll(vips(entry, flat));
            } else if (setting.isPresent() && setting.get() == Settings.CONFIG) {
                findings.warn("config (" + at(entry) + ") is ignored: a file cannot name another");
            } else if (setting.isPresent()) {
                take(setting.get(), entry, flat, "");
            } else {
                unknown(entry, NAMES_AT_THE_TOP, flat, "");
            }
        }
        return new Content(flat, vips, false);
    }

    private List<Entry> vips(YamlNode.Entry list, Layer flat) {
        List<Entry> vips = new ArrayList<>();
        if (list.value() instanceof YamlNode.Sequence sequence) {
            for (YamlNode item : sequence.items()) {
                vips.add(vip(item, Settings.VIPS + "[" + vips.size() + "]"));
            }
        } else if (!(list.value() instanceof YamlNode.Scalar scalar && scalar.text().isEmpty())) {
            flat.spoil(Settings.IP);
            findings.mistake(
                    new Mistake(
                            Settings.VIPS,
                            "",
                            at(list),
                            "is not a list",
                            "write one entry '- ip: ...' for each address"));
        }
        return vips;
    }

    private Entry vip(YamlNode item, String where) {
        Layer layer = new Layer();
        Optional<Given> label = Optional.empty();
        if (!(item instanceof YamlNode.Mapping mapping)) {
            findings.mistake(
                    new Mistake(
                            where,
                            item instanceof YamlNode.Scalar scalar ? scalar.text() : "",
                            at(item),
                            "holds no settings",
                            "write '- ip: ...' and below it the entry's other settings"));
            Settings.OF_A_VIP.forEach(layer::spoil);
            return new Entry(layer, label, at(item));
        }
        for (YamlNode.Entry entry : written(mapping, where + ".")) {
            Optional<Setting> setting = Settings.find(entry.key());
            if (Settings.canonical(entry.key()).equals(Settings.LABEL)) {
                label = scalar(entry, where + "." + Settings.LABEL).filter(g -> !g.isEmpty());
            } else if (setting.isPresent() && Settings.OF_A_VIP.contains(setting.get())) {
                take(setting.get(), entry, layer, where + ".");
            } else if (setting.isPresent()) {
                findings.mistake(
                        new Mistake(
                                where + "." + entry.key(),
                                "",
                                at(entry),
                                "is common to all addresses",
                                "write it at the top of the file, outside of vips"));
            } else {
                unknown(entry, NAMES_OF_A_VIP, layer, where + ".");
            }
        }
        return new Entry(layer, label, at(item));
    }

    /** The entries of a mapping, merged ones ({@code <<}) included, none of them twice. */
    private List<YamlNode.Entry> written(YamlNode.Mapping mapping, String prefix) {
        Map<String, YamlNode.Entry> seen = new HashMap<>();
        List<YamlNode.Entry> entries = new ArrayList<>();
        List<YamlNode.Entry> merged = new ArrayList<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            YamlNode.Entry first = seen.putIfAbsent(entry.key(), entry);
            if (first != null) {
                findings.mistake(
                        new Mistake(
                                prefix + entry.key(),
                                shownValue(entry, entry.key()),
                                at(entry),
                                "is written a second time, first in line " + first.line(),
                                "keep only one of them"));
            } else if (entry.key().equals("<<")) {
                merged.addAll(mergedEntries(entry.value(), prefix));
            } else {
                entries.add(entry);
            }
        }
        for (YamlNode.Entry entry : merged) {
            if (seen.putIfAbsent(entry.key(), entry) == null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private List<YamlNode.Entry> mergedEntries(YamlNode node, String prefix) {
        return switch (node) {
            case YamlNode.Mapping mapping -> mapping.entries();
            case YamlNode.Sequence sequence -> {
                List<YamlNode.Entry> all = new ArrayList<>();
                for (YamlNode item : sequence.items()) {
                    all.addAll(mergedEntries(item, prefix));
                }
                yield all;
            }
            case YamlNode.Scalar scalar -> {
                findings.mistake(
                        new Mistake(
                                prefix + "<<",
                                scalar.text(),
                                at(scalar),
                                "merges no group of settings",
                                "name one with an alias, such as <<: *common"));
                yield List.of();
            }
        };
    }

    private void take(Setting setting, YamlNode.Entry entry, Layer layer, String prefix) {
        Layer.Spelling spelling = spelling(entry.key(), setting);
        Optional<Given> given =
                setting.kind().mayBeList()
                        ? scalarOrList(entry, prefix + setting.name())
                        : scalar(entry, prefix + setting.name());
        given.ifPresentOrElse(
                value -> layer.add(setting, entry.key(), spelling, value),
                () -> layer.spoil(setting));
    }

    private static Layer.Spelling spelling(String key, Setting setting) {
        if (key.equals(setting.name())) {
            return Layer.Spelling.EXACT;
        }
        return key.equalsIgnoreCase(setting.name()) ? Layer.Spelling.CURRENT : Layer.Spelling.OLD;
    }

    private Optional<Given> scalar(YamlNode.Entry entry, String setting) {
        if (entry.value() instanceof YamlNode.Scalar scalar) {
            return Optional.of(Given.text(scalar.text(), at(scalar)));
        }
        String found = entry.value() instanceof YamlNode.Sequence ? "a list" : "a group of values";
        findings.mistake(
                new Mistake(
                        setting, "", at(entry), "is " + found, "write one value after the name"));
        return Optional.empty();
    }

    private Optional<Given> scalarOrList(YamlNode.Entry entry, String setting) {
        if (!(entry.value() instanceof YamlNode.Sequence sequence)) {
            return scalar(entry, setting);
        }
        List<Given.Item> items = new ArrayList<>();
        for (YamlNode item : sequence.items()) {
            if (!(item instanceof YamlNode.Scalar scalar)) {
                findings.mistake(
                        new Mistake(
                                setting,
                                "",
                                at(item),
                                "has an item that is not a single value",
                                setting.endsWith("command")
                                        ? "write one word after each dash"
                                        : "write one URL after each dash"));
                return Optional.empty();
            }
            items.add(new Given.Item(scalar.text(), at(scalar)));
        }
        return Optional.of(Given.list(items, at(entry)));
    }

    private void unknown(YamlNode.Entry entry, List<String> names, Layer layer, String prefix) {
        Optional<String> meant = Similarity.nearest(entry.key(), names);
        if (meant.isPresent()) {
            Settings.find(meant.get()).ifPresent(layer::spoil);
            findings.mistake(
                    new Mistake(
                            prefix + entry.key(),
                            shownValue(entry, meant.get()),
                            at(entry),
                            "unknown setting",
                            "write " + meant.get() + " if that is meant, or leave it out"));
        } else {
            findings.warn(
                    "%s%s (%s) is ignored: no such setting%s"
                            .formatted(
                                    prefix,
                                    Mistake.shown(entry.key()),
                                    at(entry),
                                    Settings.nearest(entry.key())
                                            .filter(names::contains)
                                            .map(name -> "; is " + name + " meant?")
                                            .orElse("")));
        }
    }

    /** Today's names alone: nobody shall be led to an old one. */
    private static List<String> namesAtTheTop() {
        List<String> names = new ArrayList<>();
        names.add(Settings.VIPS);
        Settings.ALL.forEach(setting -> names.add(setting.name()));
        return names;
    }

    private static List<String> namesOfAVip() {
        List<String> names = new ArrayList<>();
        names.add(Settings.LABEL);
        Settings.OF_A_VIP.forEach(setting -> names.add(setting.name()));
        return names;
    }

    /**
     * The entry's value for a message, masked when the name is or was meant to be that of a secret.
     */
    private static String shownValue(YamlNode.Entry entry, String meant) {
        String text = entry.value() instanceof YamlNode.Scalar scalar ? scalar.text() : "";
        return Settings.find(meant).map(setting -> Secret.hidden(setting, text)).orElse(text);
    }

    private Source at(YamlNode node) {
        return new Source.Line(path, node.line());
    }

    private Source at(YamlNode.Entry entry) {
        return new Source.Line(path, entry.line());
    }
}
