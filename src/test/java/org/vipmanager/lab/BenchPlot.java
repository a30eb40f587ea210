package org.vipmanager.lab;

import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Drawings for the document of the benchmark: SVG without a background, for light and dark pages.
 */
final class BenchPlot {

    /** Legible on white and on black. */
    private static final Color INK = new Color(0x7d, 0x85, 0x90);

    private static final Pattern TOO_EXACT = Pattern.compile("(\\d\\.\\d)\\d+");

    private static final Color CLEAR = new Color(0, 0, 0, 0);
    private static final Color[] LINES = {
        new Color(0x2f, 0x81, 0xf7),
        new Color(0xdb, 0x6d, 0x28),
        new Color(0x3f, 0xb9, 0x50),
        new Color(0xa3, 0x71, 0xf7)
    };

    private BenchPlot() {}

    /** Of each of the named samples, which share of them is no longer than so many milliseconds. */
    static void distribution(Path file, String title, Map<String, Samples> named) {
        XYChart chart = chart(title, "milliseconds", "share of all, percent");
        chart.getStyler().setXAxisLogarithmic(true);
        named.forEach(
                (name, samples) -> {
                    List<Double> milliseconds = new ArrayList<>();
                    List<Double> share = new ArrayList<>();
                    List<Duration> sorted = samples.sorted();
                    for (int i = 0; i < sorted.size(); i++) {
                        // The logarithm has no zero: what came before the answer to the write.
                        milliseconds.add(Math.max(0.05, sorted.get(i).toNanos() / 1e6));
                        share.add(100.0 * (i + 1) / sorted.size());
                    }
                    chart.addSeries(name, milliseconds, share);
                });
        save(chart, file);
    }

    /** Lines through points, both axes logarithmic. */
    static void lines(
            Path file, String title, String x, String y, Map<String, Map<Integer, Double>> named) {
        XYChart chart = chart(title, x, y);
        chart.getStyler().setXAxisLogarithmic(true).setMarkerSize(6);
        chart.getStyler().setYAxisLogarithmic(true);
        named.forEach(
                (name, points) ->
                        chart.addSeries(
                                name,
                                points.keySet().stream().map(Integer::doubleValue).toList(),
                                List.copyOf(points.values())));
        save(chart, file);
    }

    private static XYChart chart(String title, String x, String y) {
        XYChart chart =
                new XYChartBuilder()
                        .width(760)
                        .height(380)
                        .title(title)
                        .xAxisTitle(x)
                        .yAxisTitle(y)
                        .build();
        XYStyler style = chart.getStyler();
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
        style.setPlotGridLinesColor(new Color(0x7d, 0x85, 0x90, 0x50))
                .setAxisTickMarksColor(INK)
                .setAxisTickLabelsColor(INK)
                .setAxisTickLabelsFont(font)
                .setAxisTitleFont(font);
        style.setXAxisTitleColor(INK);
        style.setYAxisTitleColor(INK);
        style.setChartBackgroundColor(CLEAR)
                .setPlotBackgroundColor(CLEAR)
                .setPlotBorderColor(INK)
                .setChartFontColor(INK)
                .setChartTitleBoxVisible(false)
                .setChartTitleFont(font.deriveFont(14f))
                .setLegendBackgroundColor(CLEAR)
                .setLegendBorderColor(CLEAR)
                .setLegendFont(font)
                .setLegendPosition(LegendPosition.OutsideS)
                .setSeriesColors(LINES);
        style.setMarkerSize(0);
        return chart;
    }

    private static void save(XYChart chart, Path file) {
        try {
            Files.createDirectories(file.getParent());
            VectorGraphicsEncoder.saveVectorGraphic(
                    chart, file.toString(), VectorGraphicsFormat.SVG);
            // Letters are drawn as curves, to a thousandth of what can be seen.
            Files.writeString(file, TOO_EXACT.matcher(Files.readString(file)).replaceAll("$1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
