package io.penstock.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** The package directions of the house. */
@AnalyzeClasses(packages = "io.penstock.jobs", importOptions = DoNotIncludeTests.class)
class HouseTest {
  private static final String[] WORKERS = {"read", "map", "deliver", "load", "sync", "verify"};

  @ArchTest
  static final ArchRule workersDoNotKnowEachOther =
      SlicesRuleDefinition.slices()
          .assignedFrom(new Workers())
          .should()
          .notDependOnEachOther()
          .because(
              "what read, map, deliver, load, sync and verify share is a value type in common");

  @ArchTest
  static final ArchRule onlyAppNamesImplementations =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.penstock.jobs", "io.penstock.jobs.app")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.penstock.jobs.app");

  @ArchTest
  static final ArchRule onlySessionBuildsSessions =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.penstock.jobs.session")
          .should()
          .callMethod(org.apache.spark.sql.SparkSession.class, "builder");

  @ArchTest
  static final ArchRule onlyConfigReadsHocon =
      noClasses().should().dependOnClassesThat().resideInAPackage("com.typesafe.config..");

  @ArchTest
  static final ArchRule onlyAwsAndStoreCallAws =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.penstock.jobs.aws", "io.penstock.jobs.store")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon.awssdk..");

  @ArchTest
  static final ArchRule nothingShippedKnowsTheSandbox =
      noClasses().should().dependOnClassesThat().resideInAPackage("io.penstock.sandbox..");

  /** One slice for each worker package; everything else is in none. */
  private static final class Workers
      implements com.tngtech.archunit.library.dependencies.SliceAssignment {
    @Override
    public com.tngtech.archunit.library.dependencies.SliceIdentifier getIdentifierOf(
        com.tngtech.archunit.core.domain.JavaClass javaClass) {
      for (String worker : WORKERS) {
        if (javaClass.getPackageName().equals("io.penstock.jobs." + worker)) {
          return com.tngtech.archunit.library.dependencies.SliceIdentifier.of(worker);
        }
      }
      return com.tngtech.archunit.library.dependencies.SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "the worker packages";
    }
  }
}
