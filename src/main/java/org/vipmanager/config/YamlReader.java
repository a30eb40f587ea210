package org.vipmanager.config;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads YAML into nodes that keep lines and written text.
 *
 * <p>Works on the parser's events, not on the library's objects: those have lost both. Nesting, the
 * items of a list, the length of a value and the number of values with all aliases written out are
 * limited while it reads, so that no file can use up the memory.
 */
final class YamlReader {

    private static final String LOOK = "look at this line and at the one before it";
    private static final int DEEPEST = 16;

    /** The most addresses there may be, with twice the settings that each can have. */
    private static final long MOST_VALUES = 32L * Settings.MOST_VIPS;

    /** The file is no YAML, or more of it than we take. */
    static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1;
        private final String setting;
        private final int line;
        private final String remedy;

        BrokenException(String problem, int line, String remedy) {
            this("config", "is broken YAML: " + Mistake.shown(problem, 200), line, remedy);
        }

        BrokenException(String setting, String problem, int line, String remedy) {
            super(problem);
            this.setting = setting;
            this.line = line;
            this.remedy = remedy;
        }

        /** The setting that is to blame, or that which names the file. */
        String setting() {
            return setting;
        }

        String remedy() {
            return remedy;
        }

        /** Counted from 1; 0 when it is not known. */
        int line() {
            return line;
        }
    }

    private final Iterator<Event> events;
    private final Map<Anchor, YamlNode> anchors = new HashMap<>();
    private boolean hasMoreDocuments;

    /** The name that was read last: what a list that begins now is the value of. */
    private String name = "config";

    /** How many values there are so far, those that aliases stand for included. */
    private long values;

    private YamlReader(String text) {
        events = new Parse(LoadSettings.builder().build()).parseString(text).iterator();
    }

    /**
     * @param root the first document; empty when there is none
     * @param hasMoreDocuments whether others follow it
     */
    record Document(Optional<YamlNode> root, boolean hasMoreDocuments) {}

    static Document read(String text) throws BrokenException {
        try {
            YamlReader reader = new YamlReader(text);
            Optional<YamlNode> root = reader.firstDocument();
            return new Document(root, reader.hasMoreDocuments);
        } catch (MarkedYamlEngineException e) {
            throw new BrokenException(
                    problem(e), e.getProblemMark().map(YamlReader::lineOf).orElse(0), LOOK);
        } catch (YamlEngineException e) {
            throw new BrokenException(
                    String.valueOf(e.getMessage()), 0, "write one 'name: value' on a line");
        }
    }

    /** The library takes every character that begins no value for an attempt to indent. */
    private static String problem(MarkedYamlEngineException e) {
        String problem = String.valueOf(e.getProblem());
        return problem.contains("'@'") || problem.contains("'%'") || problem.contains("'`'")
                ? "a value that begins with @, % or ` must stand in quotes"
                : problem;
    }

    private Optional<YamlNode> firstDocument() throws BrokenException {
        Optional<YamlNode> root = Optional.empty();
        int documents = 0;
        while (events.hasNext()) {
            if (events.next() instanceof DocumentStartEvent) {
                documents++;
                if (documents > 1) {
                    hasMoreDocuments = true;
                    return root;
                }
                root = Optional.of(node(events.next(), 1));
            }
        }
        return root;
    }

    private YamlNode node(Event event, int depth) throws BrokenException {
        int line = lineOf(event);
        if (depth > DEEPEST) {
            throw new BrokenException(
                    "it is nested more than " + DEEPEST + " levels deep",
                    line,
                    "write one 'name: value' on a line");
        }
        YamlNode node =
                switch (event.getEventId()) {
                    case Scalar -> scalar((ScalarEvent) event, line);
                    case SequenceStart -> sequence(line, depth);
                    case MappingStart -> mapping(line, depth);
                    case Alias -> aliased((AliasEvent) event, line);
                    default -> throw new BrokenException("unexpected " + event, line, LOOK);
                };
        values += event.getEventId() == Event.ID.Alias ? node.size() : 1;
        if (values > MOST_VALUES) {
            throw new BrokenException(
                    "config",
                    "holds more than " + MOST_VALUES + " values, aliases written out",
                    line,
                    "name the YAML file with the settings");
        }
        anchorOf(event).ifPresent(anchor -> anchors.put(anchor, node));
        return node;
    }

    private static YamlNode scalar(ScalarEvent event, int line) {
        String text = event.getValue();
        boolean isNull =
                event.getScalarStyle() == ScalarStyle.PLAIN
                        && (text.equals("~") || text.equalsIgnoreCase("null"));
        return new YamlNode.Scalar(isNull ? "" : text, line);
    }

    private YamlNode sequence(int line, int depth) throws BrokenException {
        List<YamlNode> items = new ArrayList<>();
        String of = name;
        long size = 1;
        for (Event event = events.next();
                event.getEventId() != Event.ID.SequenceEnd;
                event = events.next()) {
            if (items.size() == Settings.MOST_VIPS) {
                throw new BrokenException(
                        Mistake.shown(of),
                        "lists more than " + Settings.MOST_VIPS + " entries",
                        line,
                        "keep to "
                                + Settings.MOST_VIPS
                                + ", which is the most addresses there may be");
            }
            YamlNode item = node(event, depth + 1);
            items.add(item);
            size += item.size();
        }
        return new YamlNode.Sequence(items, line, size);
    }

    private YamlNode mapping(int line, int depth) throws BrokenException {
        List<YamlNode.Entry> entries = new ArrayList<>();
        long size = 1;
        for (Event event = events.next();
                event.getEventId() != Event.ID.MappingEnd;
                event = events.next()) {
            int keyLine = lineOf(event);
            if (!(node(event, depth + 1) instanceof YamlNode.Scalar key)) {
                throw new BrokenException(
                        "a name must be one word", keyLine, "write one 'name: value' on a line");
            }
            name = key.text();
            YamlNode value = node(events.next(), depth + 1);
            entries.add(new YamlNode.Entry(key.text(), keyLine, value));
            size += 1 + value.size();
        }
        return new YamlNode.Mapping(entries, line, size);
    }

    private YamlNode aliased(AliasEvent alias, int line) throws BrokenException {
        YamlNode node = anchors.get(alias.getAlias());
        if (node == null) {
            // Without its name: that may be a password which begins with an asterisk.
            throw new BrokenException(
                    "no anchor before it has the name after the asterisk",
                    line,
                    "put the value in quotes if no alias is meant");
        }
        return node;
    }

    private static Optional<Anchor> anchorOf(Event event) {
        boolean isAlias = event.getEventId() == Event.ID.Alias;
        return !isAlias && event instanceof NodeEvent named ? named.getAnchor() : Optional.empty();
    }

    private static int lineOf(Event event) {
        return event.getStartMark().map(YamlReader::lineOf).orElse(0);
    }

    private static int lineOf(Mark mark) {
        return mark.getLine() + 1;
    }
}
