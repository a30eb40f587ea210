package org.vipmanager.check;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import org.vipmanager.config.Effective;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * A report for programs: one JSON object on one line, whose form docs/check.md describes.
 *
 * <p>Names that are there stay and keep their meaning; new ones may come.
 */
final class JsonReport {

    private JsonReport() {}

    static String of(Report report) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("exit_code", report.exitCode().number());
            json.writeNumberField("errors", report.count(Sign.ERROR));
            json.writeNumberField("warnings", report.count(Sign.WARNING));
            json.writeNumberField("unseen", report.count(Sign.UNSEEN));
            json.writeArrayFieldStart("findings");
            for (Finding finding : report.findings()) {
                write(finding, json);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("settings");
            for (Effective setting : report.settings()) {
                json.writeStartObject();
                json.writeStringField("name", setting.setting());
                json.writeStringField("value", setting.value());
                json.writeStringField("source", setting.source().toString());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory has no errors", e);
        }
        return text.append('\n').toString();
    }

    private static void write(Finding finding, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("sign", finding.sign().word());
        json.writeStringField("item", finding.item().word());
        json.writeStringField("found", finding.found());
        if (finding.remedy().isPresent()) {
            json.writeStringField("remedy", finding.remedy().get());
        }
        json.writeEndObject();
    }
}
