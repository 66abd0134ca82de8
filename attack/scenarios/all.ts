import { defineScenario, type Scenario } from '../scenario.ts';

/** Each of them after the other, with their share of the machines. */
export function allOf(scenarios: readonly Scenario[]): Scenario {
  return defineScenario({
    name: 'all',
    summary: 'each of these for which there are services, one after the other',
    needs: [],
    count: scenarios.reduce((sum, { count }) => sum + count, 0),
    async run(ground) {
      const whole = scenarios.reduce((sum, { count }) => sum + count, 0);
      for (const scenario of scenarios) {
        if (!scenario.needs.every((service) => ground.offers(service))) continue;
        const count = Math.max(1, Math.round((scenario.count * ground.count) / whole));
        await scenario.run({ ...ground, count });
      }
    },
  });
}
