package amur.test;

import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.index.analysis.AnalyzerScope;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/** The three stock analyzers under their names: the minimal server lacks the module that has them. Test only. */
public class StockAnalyzers extends Plugin implements AnalysisPlugin {
    @Override
    public Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> getAnalyzers() {
        return Map.of(
            "english", named("english", new EnglishAnalyzer()),
            "russian", named("russian", new RussianAnalyzer()),
            "cjk", named("cjk", new CJKAnalyzer()));
    }

    private static AnalysisProvider<AnalyzerProvider<? extends Analyzer>> named(String name, Analyzer analyzer) {
        return (indexSettings, environment, ignoredName, settings) -> new AnalyzerProvider<Analyzer>() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public AnalyzerScope scope() {
                return AnalyzerScope.INDICES;
            }

            @Override
            public Analyzer get() {
                return analyzer;
            }
        };
    }
}
