package io.penstock.common;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.penstock.common",
    importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {
  @ArchTest
  static final ArchRule ONLY_CONFIG_KNOWS_HOCON =
      noClasses()
          .that()
          .resideOutsideOfPackage("..common.config..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.typesafe.config..");

  @ArchTest
  static final ArchRule NOTHING_BELOW_CONFIG_KNOWS_IT =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..common.error..",
              "..common.secret..",
              "..common.schema..",
              "..common.text..",
              "..common.names..",
              "..common.schedule..",
              "..common.emit..",
              "..common.run..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..common.config..", "..common.plan..");

  @ArchTest
  static final ArchRule CONFIG_DOES_NOT_KNOW_PLANS =
      noClasses()
          .that()
          .resideInAPackage("..common.config..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..common.plan..");

  @ArchTest
  static final ArchRule NO_CIRCLES =
      slices().matching("io.penstock.common.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ONLY_THE_FACTORY_MAKES_ERRORS =
      classes()
          .that()
          .areAssignableTo(RuntimeException.class)
          .should()
          .haveOnlyPrivateConstructors()
          .orShould()
          .resideInAPackage("..common.config..");
}
